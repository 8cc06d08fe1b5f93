/** Public repositories of the first contacts, at the commits that the figures of docs/replay.md describe. Data only. */

/**
 * @typedef {object} ContactRepository A repository that nobody had looked at before the migrations ran on it.
 * @property {number} round - Which first contact it belongs to.
 * @property {string} name - Owner and name.
 * @property {string} commit - What was migrated.
 */

/** @type {readonly (readonly [round: number, name: string, commit: string])[]} */
const ROWS = [
  [1, 'AugustMe/ssd-keras', '12c7e1b9bad2fe9f205e208339b6d7871824e954'],
  [1, 'Azure/AzureChestXRay', '2e1a6dde1b701f259a6299166a7dd6fecda81164'],
  [1, 'BillyGun27/yolov3_keras_tf', '2f9c9a8d1446172a5e0c8ec3fe59dde66a76ed91'],
  [1, 'CoreyB33/pvs_mri_segmentation', 'f21fb61feedb7c906fd04b979b3faf4fc7da6874'],
  [1, 'ECP-CANDLE/Benchmarks', 'f6a3da8818308c9edcd9fedbcf831dd5968efcdd'],
  [1, 'GlassyWing/transformer-word-segmenter', '92eba3ec46ce6e722708bdca5f35d886c9b56225'],
  [1, 'ParikhKadam/bidaf-keras', 'e271cf5444316a60530b6bd36dfd7ea02b0cc1a8'],
  [1, 'SonomaDeepThought/ssu_geosciences', '45527f832de774a3de2349023d538adec8f08ab5'],
  [1, 'SpaceNetChallenge/SpaceNet_Off_Nadir_Solutions', '014c4ca27a70b5907a183e942228004c989dcbe4'],
  [1, 'antorsae/landmark-recognition-challenge', 'f1b119f326d11879b94df3c4d4c1c13a4b7642ae'],
  [1, 'antorsae/sp-society-camera-model-identification', 'ea1ff1b10e4c912c689d2131eb5c4df8d7417b4d'],
  [1, 'brucechou1983/CheXNet-Keras', 'b80afc83a3b3550fae3d7acc27b4cfa75272517a'],
  [1, 'bubbliiiing/yolo3-keras', '02d0b94b18809cd930e42d4aa0115eab3d04cf9c'],
  [1, 'dataiku/dataiku-contrib', 'f7a237e273854b4a6d05b44f3e7b046d248be4ef'],
  [1, 'drscotthawley/panotti', 'c6cfd481891d90ea53f43b46c9492073ba027579'],
  [1, 'hieubkset/Keras-Image-Super-Resolution', 'b79f4c46ca889f7dc9fd3339460496d7f9400ccc'],
  [1, 'i-pan/kaggle-rsna18', '2db498fe99615d935aa676f04847d0c562fd8e46'],
  [1, 'ilkarman/DeepLearningFrameworks', '671e2a0198ff6b82babab2661295b8d49b4baccf'],
  [1, 'interseismic/generalized-phase-detection', 'ea81ef17d204797de6a99d277fd2b9407fc77df7'],
  [1, 'jweyn/DLWP', '3f32bfab98eacee2abe880d5bd214b6060627edd'],
  [1, 'kurapan/EAST', '2de0cfb98898c3a8c83b1f38835a15ea8d264d43'],
  [1, 'likejazz/Siamese-LSTM', '89f9eef88724a591a0c146cb08c1f1a538a34460'],
  [1, 'marl/l3embedding', '8a0d31bae43fb22c1299e57573073405e8be0abe'],
  [1, 'mcchran/image_segmentation', '508cd5f80ccdad1bccf528d14a37e90668a323f7'],
  [1, 'mirkozaff/DeepGTAPrediction', 'a5d80c3402d053567ef6c679c3b67a5b82f0720d'],
  [1, 'nicolefinnie/kaggle-dsb2018', '2dee6eeef85677b81fdc34315cfdda1c7849a36f'],
  [1, 'onionwyc/onion', '6b02efd32f6251372d943b00a093ae695a4fbe92'],
  [1, 'reger-men/keras_multi_gpus', 'be37754ab53bd577fa0f34dc51acc19bbd00b898'],
  [1, 'svalleco/3Dgan', '8322b0dbb28d5089993bc08c964dbfb7dfe5c61c'],
  [1, 'zlyin/Kaggle_iWildCam', 'c87e1d3da19f6c03860c231973a89b0a22640795'],
];

/** Every repository of every round. @type {readonly ContactRepository[]} */
export const CONTACT_REPOSITORIES = ROWS.map(([round, name, commit]) => ({ round, name, commit }));
