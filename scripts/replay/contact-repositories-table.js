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
  [2, 'Delta-ML/delta', '31dfebc8f20b7cb282b62f291ff25a87e403cc86'],
  [2, 'GlassyWing/text-detection-ocr', '9bb9efd4a0a7af7d1a9a6784450d1843ffe15d8a'],
  [2, 'Kolaye/keras_classfication', '9fc69f8f13fe26f8048c94d5d71e842c47222bbc'],
  [2, 'RmdanJr/vehicle-distance-estimation', '94819f3ecf1f5d56c0be649d00d6710270506040'],
  [2, 'SanjibanRoy/MultiGPU', 'ea0f56a1b9bc3f6defd1ce8d70762a026d9112ae'],
  [2, 'Tombaugh/CapSurv', '88880b4192a23c31801a2620de451d5d2334efb4'],
  [2, 'andooown/nasnet-food101', '8e9f34f7a90ff2706b585d24183befd1c1658d95'],
  [2, 'cvjena/semantic-embeddings', '0d4177422bafbba685fb6a0f976675864f31e09f'],
  [2, 'dsgissin/DiscriminativeActiveLearning', '625e9a183b9c14356c81b9073456d8142f25f906'],
  [2, 'kundajelab/kerasAC', '44cda7da4ee9118290320a48720a59d621b72478'],
  [2, 'kurapan/CRNN', 'f67cfa37cada9b2aeedf8b44ab13d922f6de619a'],
  [2, 'satoshi-ikehata/CNN-PS-ECCV2018', '4225ae6a3975f620e2c0c1fc9bf3e937f3d4edda'],
  [2, 'v6x/keras-project-template', 'd55cf7a85e36232d8a9c537091798e7bbf89f3f1'],
  [2, 'wandb/estuary', '6cba17cac1483e1d4c48f72a80766bdf216a39bf'],
  [2, 'wingsby/rainforecast', '127df415cd2dbb82821376e8e95d11c9fbe22c4e'],
  [
    3,
    'Biomedical-Data-Analysis-Laboratory/multi-input-ischemic-Stroke-segmentation',
    '54b71ff39740dc2c677e544f2fd3e5ea1d1a3a07',
  ],
  [3, 'bubbliiiing/unet-keras', '23f90e2079b2d70b8d72d40b8533f9c575eed9e9'],
  [3, 'fjiangAI/easykeras', 'b09bac1f8fe48c41d07fa8655965273ee1f17c79'],
  [3, 'lusccc/Trajectory-Classification-using-Dual-CSA', '16051050feb1672185d08eb586a5001042a47d82'],
  [3, 'nedyalko-iordanov/sar_detector', '2edc53fe4358dd9e5ddf14e6427558157921434d'],
  [3, 'sheldoncoup/experimental-ML-methods', '6fb2988ea54a96005bc3b6567f9a0987f4957a1e'],
  [3, 'srijandas07/VPN', '1b852dfc50950b5007c5cb814cc60c234e8afae5'],
  [3, 'srijandas07/i3d', '969b4e9431184a7cc8c203f50ad3a8b728fcaec6'],
  [3, 'usmancheema89/ForkCNN-tf2', '88cfdfe4058ef4a7d878f55defedc9db9a32c265'],
  [3, 'xuannianz/keras-fcos', 'a8e2ac6297a6a0681d26300425464f6a175a0992'],
];

/** Every repository of every round. @type {readonly ContactRepository[]} */
export const CONTACT_REPOSITORIES = ROWS.map(([round, name, commit]) => ({ round, name, commit }));
